//! What a run starts from.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Data;

/// What a run starts from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Start {
    /// The key of the flow.
    pub flow: Box<str>,
    /// The table of the record that changed; empty for a time.
    pub table: Box<str>,
    /// Its key.
    pub record: Box<str>,
    /// `created`, `updated`, `deleted`, `schedule`
    pub operation: Box<str>,
    /// How many flows stand behind it.
    pub depth: u8,
    /// The record as it was then: elements and texts.
    pub values: BTreeMap<Box<str>, Box<str>>,
}

impl Start {
    /// Writes it as it is kept.
    #[must_use]
    pub fn to_json(&self) -> String {
        json!({
            "flow": &*self.flow,
            "table": &*self.table,
            "record": &*self.record,
            "operation": &*self.operation,
            "depth": self.depth,
            "values": self.values.iter().map(|(name, text)| (name.to_string(), Value::from(&**text)))
                .collect::<serde_json::Map<_, _>>(),
        })
        .to_string()
    }

    /// Reads what was kept.
    #[must_use]
    pub fn parse(kept: &str) -> Option<Self> {
        let kept: Value = serde_json::from_str(kept).ok()?;
        let text = |name: &str| Some(Box::from(kept.get(name)?.as_str()?));
        let values = kept.get("values")?.as_object()?.iter();
        let values = values.map(|(name, text)| Some((name.as_str().into(), text.as_str()?.into())));
        Some(Self {
            flow: text("flow")?,
            table: text("table")?,
            record: text("record")?,
            operation: text("operation")?,
            depth: u8::try_from(kept.get("depth")?.as_u64()?).ok()?,
            values: values.collect::<Option<_>>()?,
        })
    }

    /// Returns what the first step knows: the fields of the record as `trigger.<element>`.
    #[must_use]
    pub fn data(&self, run: &str) -> Data {
        let mut data = Data::default();
        for (element, text) in &self.values {
            data.set("trigger", element, text);
        }
        data.set("trigger", "table", &self.table);
        data.set("trigger", "sys_id", &self.record);
        data.set("trigger", "operation", &self.operation);
        data.set("run", "sys_id", run);
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let start = Start {
            flow: "f".into(),
            table: "incident".into(),
            record: "r".into(),
            operation: "created".into(),
            depth: 2,
            values: [("note".into(), "a \"b\"".into())].into(),
        };
        assert_eq!(Start::parse(&start.to_json()).as_ref(), Some(&start));
        let data = start.data("x");
        assert_eq!(data.value("trigger.note"), Some("a \"b\""));
        assert_eq!(data.value("trigger.sys_id"), Some("r"));
        assert_eq!(data.value("run.sys_id"), Some("x"));
        for text in ["", "{}", "[]", r#"{"flow":1}"#] {
            assert_eq!(Start::parse(text), None, "{text}");
        }
    }
}
