//! Time of the replay: unix seconds, in blocks of [`BLOCK_S`], shown in UTC.

/// Unix time in seconds.
pub type Time = u64;

/// Seconds between two blocks.
pub const BLOCK_S: u64 = 6;
/// Seconds of an hour.
pub const HOUR_S: u64 = 3_600;
/// Seconds of a day.
pub const DAY_S: u64 = 86_400;
/// Seconds of a year of 365 days: volatilities are per year.
pub const YEAR_S: f64 = 365.0 * 86_400.0;

/// `(year, month, day)` of a unix time in UTC (days-to-civil algorithm of H. Hinnant).
pub fn date(time: Time) -> (u64, u64, u64) {
    let days = time / DAY_S + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// `2021-05-19 13:05:06`.
pub fn stamp(time: Time) -> String {
    let (year, month, day) = date(time);
    format!("{year:04}-{month:02}-{day:02} {}", time_of_day(time))
}

/// `13:05:06`.
pub fn time_of_day(time: Time) -> String {
    let s = time % DAY_S;
    format!("{:02}:{:02}:{:02}", s / HOUR_S, s % HOUR_S / 60, s % 60)
}

/// `13:05`.
pub fn hour_minute(time: Time) -> String {
    let s = time % DAY_S;
    format!("{:02}:{:02}", s / HOUR_S, s % HOUR_S / 60)
}

/// `19 May`.
pub fn day_month(time: Time) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, month, day) = date(time);
    format!("{day} {}", MONTHS[(month as usize - 1) % 12])
}

/// A stretch of time in the largest unit that reads well: `42 s`, `3.5 min`, `2.1 h`.
pub fn span(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5_400.0 => format!("{:.1} min", s / 60.0),
        s => format!("{:.1} h", s / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        assert_eq!(stamp(0), "1970-01-01 00:00:00");
        assert_eq!(stamp(1_621_429_506), "2021-05-19 13:05:06");
        assert_eq!(stamp(1_582_934_400), "2020-02-29 00:00:00");
        assert_eq!(day_month(1_621_429_506), "19 May");
    }
}
