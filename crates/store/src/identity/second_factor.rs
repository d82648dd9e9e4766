//! Second factors: a secret that an authenticator app shares, and codes for when the app is lost.
//!
//! Both are good only while `sys_user.enable_multifactor_authn` is set: an administrator who clears it helps a person
//! who lost both.

use snowglobe_oauth::{
    account::UserNo,
    totp::{TotpSecret, plain_code},
};
use snowglobe_records::Value;

use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Rows, Statement},
};

/// A person's second factor.
#[derive(Debug)]
pub struct SecondFactor {
    /// What the app has too.
    pub secret: TotpSecret,
    /// The newest step whose code was used.
    pub last_step: i64,
}

impl Store {
    /// Returns a user's second factor, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or the secret cannot be opened.
    pub async fn second_factor(&self, user: UserNo) -> Result<Option<SecondFactor>, StoreError> {
        let statement = Statement::new(
            "SELECT f.sealed, f.last_step FROM sg_second_factor f JOIN sys_user u ON u.sys_row = f.user_no \
             WHERE f.user_no = $1 AND u.enable_multifactor_authn = 1",
            [no(user)],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let Some(row) = rows.first().and_then(Rows::first) else {
            return Ok(None);
        };
        let opened = self.handles().open(&place(user), row.text(0));
        let secret = opened.and_then(|bytes| bytes.try_into().ok());
        let secret = secret.ok_or(StoreError::WrongMasterKey)?;
        Ok(Some(SecondFactor {
            secret: TotpSecret::new(secret),
            last_step: row.int(1),
        }))
    }

    /// Gives a user a second factor whose first code was used, and the recovery codes that come with it. `nonce` is
    /// random.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when they have one by now: whoever set it up first has the codes that count.
    pub async fn enrol(
        &self,
        user: UserNo,
        factor: &SecondFactor,
        codes: &[String],
        nonce: [u8; 24],
    ) -> Result<(), ApplyError> {
        let sealed = self
            .handles()
            .seal(&place(user), factor.secret.expose(), nonce);
        let sealed =
            sealed.ok_or_else(|| StoreError::Driver("the secret cannot be sealed".to_owned()))?;
        let mut batch = Batch::default();
        // One that an administrator switched off is in nobody's way.
        batch.push(Statement::new(
            "DELETE FROM sg_second_factor WHERE user_no = $1 AND EXISTS (SELECT 1 FROM sys_user u \
             WHERE u.sys_row = $2 AND COALESCE(u.enable_multifactor_authn, 0) = 0)",
            [no(user), no(user)],
        ));
        batch.push_guarded(Statement::new(
            "INSERT INTO sg_second_factor (user_no, sealed, last_step) VALUES ($1, $2, $3) \
             ON CONFLICT (user_no) DO NOTHING",
            [no(user), Value::from(sealed), Value::Int(factor.last_step)],
        ));
        self.push_codes(user, codes, &mut batch);
        batch.push(enable(user, true));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Uses the code of a step.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when it, or a later one, was used already.
    pub async fn use_step(&self, user: UserNo, step: i64) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "UPDATE sg_second_factor SET last_step = $1 WHERE user_no = $2 AND last_step < $3",
            [Value::Int(step), no(user), Value::Int(step)],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Uses a recovery code.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when it is none, or was used already.
    pub async fn use_recovery_code(&self, user: UserNo, code: &str) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "DELETE FROM sg_recovery_code WHERE user_no = $1 AND proof = $2",
            [no(user), self.proof(user, code)],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Returns how many recovery codes a user has left.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn recovery_codes_left(&self, user: UserNo) -> Result<i64, StoreError> {
        let statement = Statement::new(
            "SELECT count(*) FROM sg_recovery_code WHERE user_no = $1",
            [no(user)],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        Ok(rows
            .first()
            .and_then(Rows::first)
            .map_or(0, |row| row.int(0)))
    }

    /// Takes a user's second factor and recovery codes away.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn remove_second_factor(&self, user: UserNo) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push(Statement::new(
            "DELETE FROM sg_second_factor WHERE user_no = $1",
            [no(user)],
        ));
        self.push_codes(user, &[], &mut batch);
        batch.push(enable(user, false));
        self.backend.apply(batch).await?;
        Ok(())
    }

    fn push_codes(&self, user: UserNo, codes: &[String], batch: &mut Batch) {
        batch.push(Statement::new(
            "DELETE FROM sg_recovery_code WHERE user_no = $1",
            [no(user)],
        ));
        for code in codes {
            batch.push(Statement::new(
                "INSERT INTO sg_recovery_code (user_no, proof) VALUES ($1, $2)",
                [no(user), self.proof(user, code)],
            ));
        }
    }

    fn proof(&self, user: UserNo, code: &str) -> Value {
        let bound = format!("{} {}", user.0, plain_code(code));
        Value::from(self.handles().proof("recovery code", bound.as_bytes()))
    }
}

fn enable(user: UserNo, enabled: bool) -> Statement {
    Statement::new(
        "UPDATE sys_user SET enable_multifactor_authn = $1 WHERE sys_row = $2",
        [Value::Int(enabled.into()), no(user)],
    )
}

fn no(user: UserNo) -> Value {
    Value::Int(user.0.into())
}

fn place(user: UserNo) -> String {
    format!("sg_second_factor.{}", user.0)
}
