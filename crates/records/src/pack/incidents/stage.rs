//! Who and what incidents are about, looked up once, so that making one is cheap.

use super::stories::{self, Story};
use crate::{
    SysId,
    pack::{chance::Chance, cmdb, groups, known, people},
};

/// A person with what an incident says of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Somebody {
    pub(super) user_name: &'static str,
    pub(super) sys_id: SysId,
    pub(super) location: SysId,
}

/// A story with the rows it refers to.
pub(super) struct Act {
    pub(super) story: &'static Story,
    pub(super) group: SysId,
    pub(super) service: SysId,
    pub(super) members: Vec<Somebody>,
    items: Vec<Option<SysId>>,
}

/// Everybody and every story.
pub(super) struct Stage {
    pub(super) company: SysId,
    people: Vec<Somebody>,
    desk: Vec<Somebody>,
    acts: Vec<Act>,
}

impl Stage {
    pub(super) fn set() -> Self {
        Self {
            company: known::id("core_company", "ACME Corporation"),
            people: people::PEOPLE.iter().map(Somebody::from).collect(),
            desk: members("Service Desk"),
            acts: stories::all().map(Act::of).collect(),
        }
    }

    pub(super) fn act(&self, chance: &mut Chance) -> &Act {
        &self.acts[chance.below(self.acts.len())]
    }

    pub(super) fn caller(&self, chance: &mut Chance) -> &Somebody {
        &self.people[chance.below(self.people.len())]
    }

    /// Returns how the caller got in touch, and who wrote it down.
    pub(super) fn contact<'s>(
        &'s self,
        caller: &'s Somebody,
        chance: &mut Chance,
    ) -> (&'static str, &'s Somebody) {
        let analyst = self
            .desk
            .get(chance.below(self.desk.len()))
            .unwrap_or(caller);
        match chance.below(10) {
            0..4 => ("self-service", caller),
            4..7 => ("phone", analyst),
            7..9 => ("email", analyst),
            _ => ("walk-in", analyst),
        }
    }
}

impl Act {
    fn of(story: &'static Story) -> Self {
        let item = |subject: &&str| cmdb::knows(subject).then(|| cmdb::id(subject));
        Self {
            story,
            group: groups::id(story.group),
            service: cmdb::id(story.service),
            members: members(story.group),
            items: story.subjects.iter().map(item).collect(),
        }
    }

    pub(super) fn subject(&self, chance: &mut Chance) -> &'static str {
        chance.pick(self.story.subjects).unwrap_or_default()
    }

    /// Returns the configuration item that a subject is, if it is one.
    pub(super) fn item(&self, subject: &str) -> Option<SysId> {
        let at = self.story.subjects.iter().position(|one| *one == subject)?;
        self.items.get(at).copied().flatten()
    }
}

impl From<&people::Person> for Somebody {
    fn from(person: &people::Person) -> Self {
        Self {
            user_name: person.user_name,
            sys_id: people::id(person.user_name),
            location: known::id("cmn_location", person.location),
        }
    }
}

fn members(group: &str) -> Vec<Somebody> {
    let names = groups::members(group);
    let is_member = |person: &&people::Person| names.contains(&person.user_name);
    people::PEOPLE
        .iter()
        .filter(is_member)
        .map(Somebody::from)
        .collect()
}
