"""The only room that speaks SQL: tables, one store per noun, and the writer that all money goes through."""
