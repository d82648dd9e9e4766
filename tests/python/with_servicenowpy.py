"""Drives an instance with servicenowpy: a record's whole life, and its errors; see README.md."""

import os

from servicenowpy import Client
from servicenowpy.exceptions import StatusCodeError


def check(what, holds):
    assert holds, what
    print("ok", what)


table = Client(
    os.environ["SNOW_URL"], os.environ["SNOW_USER"], os.environ["SNOW_PASSWORD"]
).table("incident")
made = table.post({"short_description": "Driven by servicenowpy"})
sys_id, number = made["sys_id"], made["number"]
check("a record is read by its key", table.get_record(sys_id)["number"] == number)
check("a record is found by its number", table.get_record_by_number(number)[0]["sys_id"] == sys_id)
check("PATCH changes a field", table.patch(sys_id, {"state": "2"})["state"] == "2")
check("PUT changes a field", table.put(sys_id, {"urgency": "1"})["state"] == "2")
pages = table.get(sysparm_query="ORDERBYnumber", sysparm_fields="number", sysparm_limit=40)
numbers = [record["number"] for record in pages]
check("pages are followed by their links", len(numbers) > 40 and numbers == sorted(set(numbers)))
table.delete(sys_id)
try:
    table.get_record(sys_id)
except StatusCodeError as gone:
    check("what is gone is 404", "No Record found" in str(gone) and "404" in str(gone))
else:
    raise AssertionError("a deleted record was read")
