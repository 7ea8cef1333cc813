// What was said of day logs and not opened on this phone: comments on one's own days, answers to one's own comments.
export const keyOf = ({ id, answer, answered_at }) => (answer ? `${id} ${answered_at}` : id);

export function unopened({ comments, me, logs_read }) {
  const read = new Set(logs_read);
  return [...comments.values()].filter((c) => (c.member === me?.id ? !read.has(c.id) : c.author === me?.id && c.answer && !read.has(keyOf(c))));
}
