//! Binds parameters and reads cells.

use std::{error::Error as StdError, fmt, sync::Arc};

use bytes::BytesMut;
use futures_util::{TryStreamExt as _, pin_mut};
use snowglobe_records::{Value, ValueRef};
use tokio_postgres::{
    Client, Error, Statement,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

use super::link::Prepared;
use crate::sql::Rows;

/// A parameter: a cell, or a column of cells for many rows at once.
pub(super) enum Param<'a> {
    Cell(&'a Value),
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<&'a str>>),
    Payload(String),
}

/// A statement with its parameters.
#[derive(Debug)]
pub(super) struct Call<'a> {
    statement: Statement,
    params: Vec<Param<'a>>,
    /// See [`Prepared::many`].
    pub(super) many: Option<Arc<str>>,
}

impl<'a> Call<'a> {
    /// Puts the values into a statement; they must fit what the server has understood of its text, so that
    /// nothing that is sent can fail to be sent half-way.
    pub(super) fn new(prepared: Prepared, values: &'a [Value]) -> Result<Self, String> {
        let (types, given) = (prepared.one.params(), values.len());
        if types.len() != given {
            return Err(format!(
                "{} parameters expected, {given} given",
                types.len()
            ));
        }
        let mut pairs = types.iter().zip(values).enumerate();
        if let Some((at, (kind, _))) = pairs.find(|(_, (kind, value))| !fits(value, kind)) {
            return Err(format!("parameter {} does not fit {kind}", at + 1));
        }
        let params = values.iter().map(Param::Cell).collect();
        Ok(Self {
            many: prepared.many,
            ..Self::with(prepared.one, params)
        })
    }

    /// Puts parameters that are known to fit into a statement.
    pub(super) fn with(statement: Statement, params: Vec<Param<'a>>) -> Self {
        Self {
            statement,
            params,
            many: None,
        }
    }

    /// Runs it and returns how many rows it touched.
    pub(super) async fn execute(&self, client: &Client) -> Result<u64, Error> {
        client.execute_raw(&self.statement, &self.params).await
    }

    /// Runs it and returns its rows.
    pub(super) async fn query(&self, client: &Client) -> Result<Rows, Error> {
        let width = self.statement.columns().len();
        let mut rows = Rows::new(width);
        let answer = client.query_raw(&self.statement, &self.params).await?;
        pin_mut!(answer);
        while let Some(row) = answer.try_next().await? {
            for at in 0..width {
                rows.push(row.try_get::<_, Cell<'_>>(at)?.0);
            }
        }
        Ok(rows)
    }
}

/// Tells whether values of this type are text.
pub(super) fn is_text(kind: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME].contains(kind)
}

/// Tells whether values of this type are whole numbers.
pub(super) fn is_int(kind: &Type) -> bool {
    [Type::INT8, Type::INT4, Type::INT2].contains(kind)
}

fn fits(value: &Value, kind: &Type) -> bool {
    match value {
        Value::Null => true,
        Value::Int(n) => match *kind {
            Type::INT8 => true,
            Type::INT4 => i32::try_from(*n).is_ok(),
            Type::INT2 => i16::try_from(*n).is_ok(),
            _ => false,
        },
        Value::Text(_) => is_text(kind),
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Cell(Value::Null) => Ok(IsNull::Yes),
            Self::Cell(Value::Int(n)) => match *kind {
                Type::INT4 => i32::try_from(*n)?.to_sql(kind, out),
                Type::INT2 => i16::try_from(*n)?.to_sql(kind, out),
                _ => n.to_sql(kind, out),
            },
            Self::Cell(Value::Text(text)) => text.as_ref().to_sql(kind, out),
            Self::Ints(column) => column.to_sql(kind, out),
            Self::Texts(column) => column.to_sql(kind, out),
            Self::Payload(text) => text.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        is_int(kind) || is_text(kind) || [Type::INT8_ARRAY, Type::TEXT_ARRAY].contains(kind)
    }

    to_sql_checked!();
}

impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The driver logs parameters, and rows may hold what no log should.
        f.write_str("…")
    }
}

/// A cell of an answer.
struct Cell<'a>(ValueRef<'a>);

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(match *kind {
            Type::INT8 => ValueRef::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => ValueRef::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => ValueRef::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => ValueRef::Int(bool::from_sql(kind, raw)?.into()),
            _ => ValueRef::Text(<&str>::from_sql(kind, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(ValueRef::Null))
    }

    fn accepts(kind: &Type) -> bool {
        is_int(kind) || is_text(kind) || *kind == Type::BOOL
    }
}
