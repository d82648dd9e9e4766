//! Operators that look inside text. A choice is matched by its stored value, a reference by its display value and a
//! date by the digits it is stored as (the last is our choice: the documentation offers none).

use super::{Family, Lower, Operator, Referenced, like};
use crate::query::{Match, Predicate};

const TEXTUAL: &[Family] = &[
    Family::Text,
    Family::Choice,
    Family::Date,
    Family::Reference,
    Family::List,
];

pub(super) const ROWS: &[Operator] = &[
    Operator {
        spellings: &["LIKE", "CONTAINS", "*"],
        applies_to: TEXTUAL,
        referenced: Referenced::Display,
        lower: Lower::One(|path, text| like(path, Match::Contains, text, false)),
        example: "short_descriptionLIKEnetwork",
    },
    Operator {
        spellings: &["NOT LIKE", "NOTLIKE", "!*"],
        applies_to: TEXTUAL,
        referenced: Referenced::Display,
        lower: Lower::One(|path, text| like(path, Match::Contains, text, true)),
        example: "short_descriptionNOT LIKEnetwork",
    },
    Operator {
        // §3.2: this spelling excludes empty values.
        spellings: &["DOES NOT CONTAIN"],
        applies_to: TEXTUAL,
        referenced: Referenced::Display,
        lower: Lower::One(|path, text| {
            let filled = Predicate::Empty {
                path: path.clone(),
                negated: true,
            };
            filled.and(like(path, Match::Contains, text, true))
        }),
        example: "short_descriptionDOES NOT CONTAINnetwork",
    },
    Operator {
        spellings: &["STARTSWITH"],
        applies_to: TEXTUAL,
        referenced: Referenced::Display,
        lower: Lower::One(|path, text| like(path, Match::StartsWith, text, false)),
        example: "numberSTARTSWITHINC",
    },
    Operator {
        spellings: &["ENDSWITH", "%"],
        applies_to: TEXTUAL,
        referenced: Referenced::Display,
        lower: Lower::One(|path, text| like(path, Match::EndsWith, text, false)),
        example: "numberENDSWITH01",
    },
    Operator {
        // Empty text is stored as nothing, so this is ISEMPTY.
        spellings: &["EMPTYSTRING"],
        applies_to: &[Family::Text, Family::Choice, Family::Reference],
        referenced: Referenced::Key,
        lower: Lower::Nothing(|path| Predicate::Empty {
            path,
            negated: false,
        }),
        example: "close_notesEMPTYSTRING",
    },
];
