"""The pages: server-rendered, without cookies, working without JavaScript. They call the same desks as the JSON API."""
