// What was announced and not opened yet: on this phone, nor, as far as the server knew, on another one.
export const isRead = ({ announcements_read }, { id, read }) => !!(read || announcements_read?.[id]);
export const unread = (data) => (data.announcements ?? []).filter((row) => !isRead(data, row));
