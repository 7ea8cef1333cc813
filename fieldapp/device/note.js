// What a note may not hold, as fieldapp/domain/note.py says: nine or more digits in a row.
export const holdsIdentity = (note) => /(?:\p{Nd}[ .\-]?){8,}\p{Nd}/u.test(note);
