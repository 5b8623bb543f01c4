import assert from "node:assert/strict";
import { test } from "node:test";
import { areDates, isDateNumber } from "../../lib/data/dates.ts";

const isDate = (text: string): boolean => areDates(new Map([[text, { count: 1 }]]), 1);

test("areDates takes dates, times and both together, in the usual spellings", () => {
  const texts = [
    "2024-01-31",
    "2024/1/31",
    "2024-01",
    "31.01.2024",
    "1/31/24",
    "31-Jan-2024",
    "31 January 2024",
    "Jan 31, 2024",
    "2024-01-31T12:30:00Z",
    "2024-01-31 12:30:00.123+01:00",
    "31.01.2024 8:05 PM",
    "12:30",
    "12:30:45",
    "2024-W05",
    "2024-W05-3",
    "2024-Q1",
    "Q1 2024",
    "2024-031",
    "31JAN2024",
    "Jan 2024",
    "31. Januar 2024",
    "31 janv. 2024",
    "31.01.2024 18:05 Uhr",
    "Wed, 31 Jan 2024 12:30:00 GMT",
    "Wed Jan 31 2024 12:30:00",
    "31/Jan/2024:12:30:00 +0000",
    "20240131T123000Z",
    "2024年1月31日",
  ];
  for (const text of texts) assert.ok(isDate(text), text);
  for (const text of [
    "2024",
    "30-39",
    "1.2",
    "a-b-c",
    "12:3",
    "January",
    "1-2-3-4",
    "Room 1234",
    "1001-123",
  ])
    assert.ok(!isDate(text), text);
});

test("areDates asks for nearly all cells", () => {
  const texts = new Map([
    ["2024-01-31", { count: 96 }],
    ["soon", { count: 4 }],
  ]);
  assert.ok(areDates(texts, 100));
  assert.ok(!areDates(texts, 110));
});

test("isDateNumber takes integers that spell a year, a month and a day", () => {
  for (const value of [20240131, 19991231]) assert.ok(isDateNumber(value), `${value}`);
  for (const value of [20241301, 20240100, 2024013, 18991231])
    assert.ok(!isDateNumber(value), `${value}`);
});
