/**
 * For how many hours without a daily summary nobody need worry: the longest time that its days
 * (summaryDays) leave between two, and two hours, since a clock may be put back. An alarm looks back
 * a week at most: with one day a week it may speak for the hour that a clock was put back by.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (2026-11)
 */
const { readParameters } = require('./parameters.cjs');

const week = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const mostHours = 7 * 24;

/** MON-FRI as 1, 2, 3, 4, 5; a range may go over the week's end. */
function daysOf(text) {
  const days = text.split(',').flatMap((part) => {
    const [first, last] = part.split('-').map((name) => week.indexOf(name));
    const length = last === undefined ? 0 : (last - first + week.length) % week.length;
    return Array.from({ length: length + 1 }, (_, after) => (first + after) % week.length);
  });
  return [...new Set(days)].sort((a, b) => a - b);
}

/** For days such as MON-FRI or MON,THU. */
function quietHours(summaryDays) {
  const days = daysOf(summaryDays);
  const gaps = days.map((day, index) => {
    const next = days[index + 1] ?? days[0] + week.length;
    return next - day;
  });
  return Math.min(24 * Math.max(...gaps) + 2, mostHours);
}

module.exports = async (variables) => {
  const { summaryDays } = await readParameters(variables);
  return { hours: quietHours(summaryDays) };
};
module.exports.quietHours = quietHours;
