"""The shell: home, navigation, base templates, components, error pages, static files."""
