"""Files people upload: pictures made anew, attachments and videos, kept in the database by their digest."""
