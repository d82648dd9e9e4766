//! A caller among rules, and rows to read and write.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use snowglobe_records::{
    Dictionary, SysId, Table, Value,
    acl::{Access, Caller, Decision, Denied, Object, Operation, Permitted, Problem, Rule, RuleSet},
    base,
    plan::{Plan, Window},
    query::{self, Context, Path},
    write::{BusinessRule, DataPolicy, Declared, Draft, FlowTrigger, Mode, RowCells, Stamp},
};

pub(crate) const BETH: &str = "0000000000000000000000000000be74";
pub(crate) const ABEL: &str = "0000000000000000000000000000abe1";

pub(crate) struct World {
    pub(crate) dictionary: Dictionary,
    pub(crate) problems: Vec<Problem>,
    rules: RuleSet,
    declared: Declared,
    caller: Caller,
    context: Context<'static>,
}

/// A rule that lets `roles` through.
pub(crate) fn allow(object: &str, operation: Operation, roles: &[&str]) -> Rule {
    Rule {
        object: Object::parse(object).unwrap(),
        operation,
        decision: Decision::AllowIf,
        roles: roles.iter().map(|role| Arc::from(*role)).collect(),
        condition: None,
        applies_to: None,
        scripted: false,
        admin_overrides: false,
        active: true,
    }
}

/// A rule that lets everyone through to rows that match.
pub(crate) fn allow_where(object: &str, operation: Operation, condition: &str) -> Rule {
    Rule {
        condition: Some(condition.into()),
        ..allow(object, operation, &[])
    }
}

pub(crate) fn deny_unless(object: &str, operation: Operation, roles: &[&str]) -> Rule {
    Rule {
        decision: Decision::DenyUnless,
        ..allow(object, operation, roles)
    }
}

impl World {
    /// Beth, with these roles, under these rules.
    pub(crate) fn new(roles: &[&str], rules: &[Rule]) -> Self {
        let (dictionary, problems) = Dictionary::build(&base::definition());
        assert_eq!(problems, []);
        let (rules, problems) = RuleSet::build(rules, &dictionary);
        let id = SysId::parse(BETH).unwrap();
        let caller = Caller::new(id, "beth.anglin", roles.iter().map(|role| Arc::from(*role)));
        let context = Context {
            user_sys_id: BETH,
            user_name: "beth.anglin",
            user_display_name: "",
            groups: &[],
            first_day_of_week: 2,
            now: now(),
            time_zone: TimeZone::UTC,
            invalid_returns_no_rows: false,
        };
        Self {
            dictionary,
            problems,
            rules,
            declared: Declared::default(),
            caller,
            context,
        }
    }

    /// The same, with rules that people declared.
    pub(crate) fn declaring(self, rules: Vec<BusinessRule>, policies: Vec<DataPolicy>) -> Self {
        Self {
            declared: Declared::build(rules, policies, &self.dictionary),
            ..self
        }
    }

    /// The same, with triggers of flows.
    pub(crate) fn starting(self, triggers: Vec<FlowTrigger>) -> Self {
        Self {
            declared: self.declared.with_triggers(triggers, &self.dictionary),
            ..self
        }
    }

    pub(crate) fn access(&self) -> Access<'_> {
        Access {
            caller: &self.caller,
            rules: &self.rules,
            declared: &self.declared,
            dictionary: &self.dictionary,
            context: &self.context,
        }
    }

    pub(crate) fn table(&self, name: &str) -> &Arc<Table> {
        self.dictionary.table(name).unwrap()
    }

    /// Permits a list of `table` with this encoded query and these fields.
    pub(crate) fn list(
        &self,
        table: &str,
        query: &str,
        fields: &str,
    ) -> Result<Permitted<Plan>, Denied> {
        let table = self.table(table);
        let resolved = query::resolve(&query::parse(query), &self.dictionary, table, &self.context);
        assert_eq!(resolved.dropped, [], "{query}");
        let fields = (!fields.is_empty()).then(|| fields.split(','));
        let plan = Plan::new(
            &self.dictionary,
            table,
            resolved.query,
            fields,
            Window::DEFAULT,
        );
        self.access().permit_read(plan)
    }

    /// A stored row of `table`.
    pub(crate) fn row(&self, table: &str, cells: &[(&str, &str)]) -> RowCells {
        let table = self.table(table);
        let common = [
            ("sys_id", "00000000000000000000000000000001"),
            ("sys_mod_count", "3"),
        ];
        let class = [("sys_class_name", table.name().as_str())];
        let cells = common
            .iter()
            .chain(&class)
            .chain(cells)
            .filter_map(|(element, text)| {
                let column = table.column(element)?;
                Some((Arc::clone(column), column.kind.parse(text).unwrap()))
            })
            .collect();
        RowCells::new(Arc::clone(table), cells).unwrap()
    }

    pub(crate) fn draft(&self, table: &str, body: &[(&str, &str)]) -> Draft {
        self.draft_with(table, body, Mode::default())
    }

    pub(crate) fn draft_with(&self, table: &str, body: &[(&str, &str)], mode: Mode<'_>) -> Draft {
        let table = self.table(table);
        Draft::for_insert(&self.dictionary, table, body.iter().copied(), mode)
    }
}

/// Tells whether a permitted plan without joins selects a row.
pub(crate) fn selects(plan: &Plan, row: &RowCells) -> bool {
    plan.predicate.matches(&|path: &Path| {
        assert_eq!(path.table, 0);
        row.value(&path.column.element)
    })
}

pub(crate) fn keys(plan: &Plan) -> Vec<&str> {
    plan.outputs.iter().map(|output| &*output.key).collect()
}

pub(crate) fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

pub(crate) fn stamp() -> Stamp<'static> {
    Stamp {
        now: now(),
        user_name: "beth.anglin",
        user_sys_id: SysId::parse(BETH).ok(),
    }
}

pub(crate) fn new_id() -> SysId {
    SysId::in_order(1, 1)
}

pub(crate) fn text(value: &str) -> Value {
    Value::text(value)
}
