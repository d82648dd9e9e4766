//! Sentences of ours with commands and names in back-ticks, as pages show them.

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// It is to be typed, or looked for, as it is.
    pub(crate) code: bool,
    pub(crate) text: String,
}

/// Takes a sentence apart at its back-ticks; one without a partner is text.
pub(crate) fn spans(sentence: &str) -> Vec<Span> {
    let pieces: Vec<&str> = sentence.split('`').collect();
    let paired = pieces.len() % 2 == 1;
    let span = |(at, text): (usize, &&str)| Span {
        code: at % 2 == 1 && (paired || at + 1 < pieces.len()),
        text: (*text).to_owned(),
    };
    let all = pieces.iter().enumerate().map(span);
    all.filter(|it| !it.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn what_stands_in_back_ticks_is_code() {
        let told = |text: &str| -> Vec<(bool, String)> {
            spans(text)
                .into_iter()
                .map(|it| (it.code, it.text))
                .collect()
        };
        let text = |it: &str| (false, it.to_owned());
        let code = |it: &str| (true, it.to_owned());
        assert_eq!(told(""), []);
        assert_eq!(told("Mend it."), [text("Mend it.")]);
        let both = [text("Add it to "), code("allow"), text(".")];
        assert_eq!(told("Add it to `allow`."), both);
        assert_eq!(told("`a``b`"), [code("a"), code("b")]);
        assert_eq!(told("5` high"), [text("5"), text(" high")]);
    }
}
