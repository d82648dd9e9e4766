"""Drives an instance with runspec-snow: records, choices, comments and the service catalog; see README.md."""

import os

os.environ["SNOW_INSTANCE"] = os.environ["SNOW_URL"]

from runspec_snow import catalog, client, comments, fields, records, states

CONFIG = client.config_from_env()


def check(what, holds):
    assert holds, what
    print("ok", what)


def a_ticket():
    made = records.create_record(CONFIG, "incident", {"short_description": "Driven by runspec-snow"})
    number, sys_id = made["number"], made["sys_id"]
    found = records.get_record(CONFIG, "incident", number)
    check("a number finds its record", found["sys_id"] == sys_id)
    choices = states.list_states(CONFIG, "incident")
    first = {"label": "New", "value": "1", "sequence": "0"}
    check("states are the choices of the column", choices[0] == first and len(choices) == 6)
    states.update_state(CONFIG, "incident", number, "In Progress")
    fields.set_fields(CONFIG, "incident", number, {"urgency": "1"})
    comments.add_comment(CONFIG, "incident", number, "On its way")
    now = records.get_record(CONFIG, "incident", sys_id)
    check("a label sets the state", (now["state"], now["urgency"]) == ("2", "1"))


def the_catalog():
    item = records.create_record(CONFIG, "sc_cat_item", {"name": "Runspec lamp", "price": "12.5"})
    question = {"cat_item": item["sys_id"], "name": "colour", "question_text": "Which?", "type": "6"}
    records.create_record(CONFIG, "item_option_new", question)
    items = catalog.list_catalog_items(CONFIG, query="runspec lamp")
    check("a text finds an item", [it["sys_id"] for it in items] == [item["sys_id"]])
    check("its price is shown", items[0]["price"] == "$12.50")
    asked = catalog.get_catalog_item_variables(CONFIG, item["sys_id"])
    check("its variables are told", [(v["name"], v["label"]) for v in asked] == [("colour", "Which?")])


a_ticket()
the_catalog()
