//! What an article of the knowledge base is known by beside its number: itself through all its versions.

use std::sync::Arc;

use super::Insert;
use crate::value::{Value, ValueRef};

impl Insert {
    /// Gives a new article the names that it has when it has its number and its key.
    pub fn assign_article(&mut self) {
        if *self.table.root() != *"kb_knowledge" {
            return;
        }
        let text = |element| self.value(element).as_text().unwrap_or_default();
        let display_number = format!("{} v{}", text("number"), text("version"));
        let named = [
            ("article_id", self.sys_id.into()),
            ("display_number", Value::from(display_number)),
        ];
        for (element, value) in named {
            let column = self.table.column(element).map(Arc::clone);
            if let Some(column) = column.filter(|_| self.value(element) == ValueRef::Null) {
                self.put(column, value);
            }
        }
    }
}
