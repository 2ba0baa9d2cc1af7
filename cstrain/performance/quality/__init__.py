"""Quality sampling of real chats: drawn at random, marked by the shared rubric, published weekly."""
