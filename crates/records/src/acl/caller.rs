//! Who asks: a user and the roles that count for this request.

use std::sync::Arc;

use crate::SysId;

/// The user on whose behalf a request is made, with effective roles: those of groups and contained roles
/// included, elevated ones only while they are elevated (`rest-and-records.md` §16.4).
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user's key in `sys_user`.
    pub sys_id: SysId,
    /// `sys_user.user_name`, as it is written to `sys_created_by`.
    pub user_name: Arc<str>,
    roles: Arc<[Arc<str>]>,
    is_admin: bool,
    is_read_only: bool,
}

impl Caller {
    /// Creates the caller from a user and the names of the effective roles.
    #[must_use]
    pub fn new(
        sys_id: SysId,
        user_name: impl Into<Arc<str>>,
        roles: impl IntoIterator<Item = Arc<str>>,
    ) -> Self {
        let mut roles: Vec<Arc<str>> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        let mut caller = Self {
            sys_id,
            user_name: user_name.into(),
            roles: roles.into(),
            is_admin: false,
            is_read_only: false,
        };
        caller.is_admin = caller.has_role("admin");
        caller.is_read_only = caller.has_role("snc_read_only");
        caller
    }

    /// Tells whether the caller holds the role itself; `public` is everyone's.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        role == "public"
            || self
                .roles
                .binary_search_by(|held| (**held).cmp(role))
                .is_ok()
    }

    /// Tells whether the caller holds `admin`.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.is_admin
    }

    /// Tells whether the caller may write nothing at all (`snc_read_only`, §16.5).
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Returns the effective roles in order.
    #[must_use]
    pub fn roles(&self) -> &[Arc<str>] {
        &self.roles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(roles: &[&str]) -> Caller {
        let id = SysId::parse("5137153cc611227c000bbd1bd8cd2007").unwrap();
        Caller::new(id, "fred.luddy", roles.iter().map(|role| Arc::from(*role)))
    }

    #[test]
    fn roles_are_found_whatever_their_order() {
        let caller = caller(&["itil", "catalog", "itil"]);
        assert!(caller.has_role("itil") && caller.has_role("catalog") && caller.has_role("public"));
        assert!(!caller.has_role("admin") && !caller.is_admin() && !caller.is_read_only());
        assert_eq!(caller.roles().len(), 2);
    }

    #[test]
    fn admin_and_read_only_are_roles() {
        assert!(caller(&["admin"]).is_admin());
        assert!(caller(&["snc_read_only"]).is_read_only());
    }
}
