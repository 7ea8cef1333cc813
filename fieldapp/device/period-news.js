// Which reports of periods wait for whoever leads here. Pure: no storage, no network, no words.

// Under which name what is written of a report is kept.
export const nameOf = (row) => `period ${row.id}`;
export const isOfReport = (name) => name.startsWith("period ");

// The reports of the villages that this person leads.
export const ownReports = ({ reports, me }) => {
  const led = new Set((me?.villages ?? []).filter((v) => v.led).map((v) => v.id));
  return (reports ?? []).filter((row) => led.has(row.village));
};

// What was submitted here of a report; of that, what the server has not told of yet, and what still may stand.
export const submittedOf = (row, records) => records.filter(({ kind, payload }) => kind === "report.submit" && `${payload.period}:${payload.village}` === row.id);
export const submissionsOf = (row, records) => submittedOf(row, records).filter((r) => r.payload.number > row.number);
export const onItsWay = (row, records) => submissionsOf(row, records).findLast((r) => r.state !== "parked" && r.result !== "superseded");

// A report can be submitted from the last day of its period on.
export function standingOf(row, records, today) {
  const record = onItsWay(row, records);
  if (record) return record.state === "ready" ? "unsent" : record.result === "held" ? "held" : "sent";
  return row.state || (today < row.last ? "running" : "due");
}

export const isAsked = (state) => state === "due" || state === "returned";
export const reportsDue = (data, today) => ownReports(data).filter((row) => row.team && isAsked(standingOf(row, data.records, today))).length;
