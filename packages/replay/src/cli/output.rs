//! Files are written whole or not at all: beside their place first, and then moved there.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// Fails where [`write`] would, as far as that can be told before.
pub(super) fn check(file: &Path) -> Result<(), Error> {
    let place = Place::of(file);
    let opened = match &place {
        Place::Itself => std::fs::OpenOptions::new().append(true).open(file),
        Place::Beside { draft, .. } => std::fs::File::create(draft),
    };
    place.forget();
    opened.map(|_| ()).map_err(failed(file))
}

/// Writes `text` to `file`. What was there before stays where that fails.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Error> {
    let place = Place::of(file);
    let written = match &place {
        Place::Itself => std::fs::write(file, text),
        Place::Beside { draft, real } => {
            std::fs::write(draft, text).and_then(|()| std::fs::rename(draft, real))
        }
    };
    if written.is_err() {
        place.forget();
    }
    written.map_err(failed(file))
}

fn failed(file: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |source| Error::Write {
        file: file.to_owned(),
        source,
    }
}

/// Where a text is written.
enum Place {
    /// To what is no plain file, such as `/dev/null`.
    Itself,
    /// To a draft that becomes the file that `real` names, links followed.
    Beside { draft: PathBuf, real: PathBuf },
}

impl Place {
    fn of(file: &Path) -> Self {
        if file.exists() && !file.is_file() {
            return Place::Itself;
        }
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let name = real.file_name().unwrap_or_default().to_string_lossy();
        let draft = real.with_file_name(format!(".{name}.{}.part", std::process::id()));
        Place::Beside { draft, real }
    }

    /// Leaves no draft behind.
    fn forget(&self) {
        if let Place::Beside { draft, .. } = self {
            let _ = std::fs::remove_file(draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own under the name of a test.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("glidepath-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_is_replaced_whole_and_no_draft_is_left() {
        let folder = folder("replaced");
        let file = folder.join("report.html");
        for text in ["one", "another one"] {
            check(&file).unwrap();
            write(&file, text).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
        assert_eq!(names(&folder), ["report.html"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_was_there_stays_where_writing_fails() {
        let folder = folder("kept");
        let file = folder.join("report.html");
        std::fs::write(&file, "old").unwrap();
        // Nothing can be written to a draft that is a folder.
        let Place::Beside { draft, .. } = Place::of(&file) else {
            panic!("a plain file has a draft")
        };
        std::fs::create_dir(&draft).unwrap();
        let said = write(&file, "new").unwrap_err().to_string();
        assert!(said.starts_with(&file.display().to_string()), "{said}");
        assert!(check(&file).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_what_is_no_file_is_written_itself() {
        let folder = folder("link");
        let (real, link) = (folder.join("real.json"), folder.join("link.json"));
        std::fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        write(Path::new("/dev/null"), "nothing").unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
