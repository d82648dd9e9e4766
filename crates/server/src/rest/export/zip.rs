//! A zip archive whose files are kept as they are: what a workbook is packed in (APPNOTE.TXT 4.3).

use flate2::Crc;

/// An archive in the making.
#[derive(Default)]
pub(super) struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

/// 1 January 1980, midnight: the least that the format can say, and the same each time.
const DATE: u16 = 0x21;

impl Zip {
    /// Adds a file. What is longer than 4 GiB does not get here: an export ends after 10,000 rows.
    pub(super) fn add(&mut self, name: &str, content: &[u8]) {
        let mut crc = Crc::new();
        crc.update(content);
        let mut shared = Vec::new();
        for number in [20, 0x800, 0, 0, DATE] {
            push_16(&mut shared, number);
        }
        push_32(&mut shared, crc.sum());
        push_32(&mut shared, length(content));
        push_32(&mut shared, length(content));
        push_16(&mut shared, u16::try_from(name.len()).unwrap_or(u16::MAX));
        push_16(&mut shared, 0);

        let offset = length(&self.bytes);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&shared);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(content);

        self.directory.extend(b"PK\x01\x02");
        push_16(&mut self.directory, 20);
        self.directory.extend(&shared);
        // No comment, the first disk, no attributes.
        self.directory.extend([0; 10]);
        push_32(&mut self.directory, offset);
        self.directory.extend(name.as_bytes());
        self.files += 1;
    }

    /// Returns the archive.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let (offset, size) = (length(&self.bytes), length(&self.directory));
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06");
        self.bytes.extend([0; 4]);
        push_16(&mut self.bytes, self.files);
        push_16(&mut self.bytes, self.files);
        push_32(&mut self.bytes, size);
        push_32(&mut self.bytes, offset);
        push_16(&mut self.bytes, 0);
        self.bytes
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

fn push_16(out: &mut Vec<u8>, number: u16) {
    out.extend(number.to_le_bytes());
}

fn push_32(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_says_where_its_files_are() {
        let mut zip = Zip::default();
        zip.add("a.txt", b"hello");
        zip.add("b/c.txt", b"");
        let bytes = zip.finish();
        let local = 30 + 5 + 5 + 30 + 7;
        let central = 46 + 5 + 46 + 7;
        assert_eq!(bytes.len(), local + central + 22);
        // CRC-32 of "hello".
        assert_eq!(bytes[14..18], 0x3610_A686_u32.to_le_bytes());
        assert_eq!(bytes[local..local + 4], *b"PK\x01\x02");
        let end = &bytes[local + central..];
        assert_eq!(end[10..12], 2_u16.to_le_bytes());
        assert_eq!(
            end[16..20],
            u32::try_from(local).expect("small").to_le_bytes()
        );
    }
}
