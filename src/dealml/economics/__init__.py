"""Deal economics: what winning a deal is expected to bring, term by term, each with its interval and where it is from."""
