"""Mail: written into the outbox with the change it tells of, handed to a server or a folder by the relay."""
