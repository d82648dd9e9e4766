//! What leaves: the bytes that came, copied only from the first on that is another one then.

use std::borrow::Cow;

pub(super) struct Passed<'b> {
    came: &'b [u8],
    copy: Vec<u8>,
    /// How many of the bytes that came stand in the copy.
    copied: usize,
}

impl<'b> Passed<'b> {
    pub(super) fn new(came: &'b [u8]) -> Self {
        Self {
            came,
            copy: Vec::new(),
            copied: 0,
        }
    }

    /// Puts the percent-encoded form in the place of a byte (RFC 3986 §2.1), behind which `rest` came.
    pub(super) fn encode(&mut self, byte: u8, rest: &[u8]) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let behind = self.came.len() - rest.len();
        let before = self.came.get(self.copied..behind - 1);
        self.copy.extend_from_slice(before.unwrap_or_default());
        let digit = |half: u8| DIGITS[usize::from(half & 15)];
        self.copy.extend([b'%', digit(byte >> 4), digit(byte)]);
        self.copied = behind;
    }

    pub(super) fn finish(mut self) -> Cow<'b, [u8]> {
        if self.copied == 0 {
            return Cow::Borrowed(self.came);
        }
        let after = self.came.get(self.copied..);
        self.copy.extend_from_slice(after.unwrap_or_default());
        Cow::Owned(self.copy)
    }
}
