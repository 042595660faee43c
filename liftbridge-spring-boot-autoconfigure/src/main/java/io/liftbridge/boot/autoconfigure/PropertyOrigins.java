package io.liftbridge.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;

/**
 * Finds where a property was set, for messages to users.
 */
final class PropertyOrigins {

	private final Environment environment;

	PropertyOrigins(Environment environment) {
		this.environment = environment;
	}

	/** The value as the user wrote it, placeholders resolved, or null. */
	@Nullable String written(String property) {
		ConfigurationProperty found = find(ConfigurationPropertyName.of(property));
		return (found != null) ? this.environment.resolvePlaceholders(String.valueOf(found.getValue())) : null;
	}

	/**
	 * Names the property and where it was set: {@code liftbridge.seeds
	 * (application.yml:3)}. An element of a list that was written in one line has the
	 * name and the place of the list.
	 */
	String locate(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		ConfigurationProperty found = find(name);
		if (found == null && name.isLastElementIndexed()) {
			found = find(name.getParent());
		}
		if (found == null) {
			return property;
		}
		String place = describe(found.getOrigin());
		return found.getName() + ((place != null) ? " (" + place + ")" : "");
	}

	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	private static @Nullable String describe(@Nullable Origin origin) {
		if (origin instanceof TextResourceOrigin text) {
			Resource resource = text.getResource();
			TextResourceOrigin.Location location = text.getLocation();
			String file = (resource != null && resource.getFilename() != null) ? resource.getFilename()
					: "unknown file";
			return (location != null) ? file + ":" + (location.getLine() + 1) : file;
		}
		if (origin instanceof PropertySourceOrigin source) {
			String exact = describe(source.getOrigin());
			return (exact != null) ? exact : source.getPropertySource().getName();
		}
		return (origin != null) ? origin.toString() : null;
	}

}
