//! The timeline of a position on the terminal.

use super::story::LONGEST;
use super::{Line, Story};
use crate::clock::{day_month, time_of_day};

/// Lines at the end of a timeline that is shortened.
const TAIL: usize = 6;

/// The timeline of a position, a line per event; the middle of a long one is summed up, unless it is wanted `whole`.
pub fn timeline(story: &Story, whole: bool) -> String {
    let lines = &story.lines;
    let mut text = story.title.clone();
    let told = |line: &Line| {
        let (day, time) = (day_month(line.time), time_of_day(line.time));
        format!("\n  {day} {time}  {:<12} {}", line.what, line.detail)
    };
    if whole || lines.len() <= LONGEST {
        text.extend(lines.iter().map(told));
    } else {
        let (head, rest) = lines.split_at(LONGEST - TAIL - 1);
        let (middle, tail) = rest.split_at(rest.len() - TAIL);
        text.extend(head.iter().map(told));
        text += &format!("\n  … {} …", summed_up(middle));
        text.extend(tail.iter().map(told));
        text += &format!("\n  (all of it: --position {})", story.position);
    }
    text + "\n"
}

/// `2 margin calls, 7 fills and 3 other lines`.
fn summed_up(lines: &[Line]) -> String {
    let count = |what: &str| lines.iter().filter(|line| line.what == what).count();
    let mut parts: Vec<String> = Vec::new();
    let mut others = lines.len();
    for (what, many) in [
        ("margin call", "margin calls"),
        ("fill", "fills"),
        ("restart", "restarts"),
    ] {
        let number = count(what);
        others -= number;
        if number > 0 {
            parts.push(format!("{number} {}", if number == 1 { what } else { many }));
        }
    }
    let others = match others {
        0 => String::new(),
        1 => " and another line".to_owned(),
        n => format!(" and {n} other lines"),
    };
    format!("{}{others}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(lines: usize) -> Story {
        let line = |n: usize| Line {
            time: 1_621_396_848 + 60 * n as u64,
            what: ["margin call", "sale opened", "fill", "end"][n % 4],
            detail: format!("line {n}"),
        };
        Story {
            position: 7,
            title: "Position 7".to_owned(),
            lines: (0..lines).map(line).collect(),
        }
    }

    #[test]
    fn a_short_life_is_told_in_full() {
        let text = timeline(&story(4), false);
        assert_eq!(text.lines().count(), 5);
        assert!(
            text.contains("\n  19 May 04:00:48  margin call  line 0\n"),
            "{text}"
        );
    }

    #[test]
    fn the_middle_of_a_long_one_is_summed_up() {
        let text = timeline(&story(60), false);
        assert_eq!(text.lines().count(), LONGEST + 2, "{text}");
        assert!(
            text.contains("\n  … 9 margin calls, 9 fills and 19 other lines …\n"),
            "{text}"
        );
        assert!(text.contains("line 0\n") && text.contains("line 59\n") && !text.contains("line 30\n"));
        assert!(text.contains("--position 7"));
        assert_eq!(timeline(&story(60), true).lines().count(), 61);
    }
}
