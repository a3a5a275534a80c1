"""The pages: drawn here, without cookies, working without JavaScript. They call the commands that the API calls."""
