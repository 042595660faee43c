package io.liftbridge.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
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
		return describe(found);
	}

	/**
	 * Explains why an element of a list does not have a value although the user wrote
	 * one: Boot does not merge lists.
	 * @param property what is missing
	 * @return what hides the value, {@code null} if there is none
	 */
	@Nullable String hidden(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		ConfigurationPropertyName list = list(name);
		ConfigurationProperty hiding = null;
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			if (found != null) {
				return (hiding == null) ? null : describe(found) + " has '" + found.getValue() + "', but "
						+ describe(hiding) + " hides it: a place that sets any part of a list replaces the whole list.";
			}
			hiding = (hiding == null && list != null) ? part(source, list) : hiding;
		}
		return null;
	}

	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		ConfigurationPropertyName list = list(name);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
			if (list != null && part(source, list) != null) {
				// The list of this source counts, whatever the others have.
				return null;
			}
		}
		return null;
	}

	/** The list that the property is in, the outermost one of several. */
	private static @Nullable ConfigurationPropertyName list(ConfigurationPropertyName name) {
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (name.isNumericIndex(i)) {
				return name.chop(i);
			}
		}
		return null;
	}

	/** What a source says of a list by setting parts of it. */
	private static @Nullable ConfigurationProperty part(ConfigurationPropertySource source,
			ConfigurationPropertyName list) {
		if (source instanceof IterableConfigurationPropertySource iterable) {
			for (ConfigurationPropertyName name : iterable) {
				if (list.isAncestorOf(name)) {
					return source.getConfigurationProperty(name);
				}
			}
		}
		return null;
	}

	private static String describe(ConfigurationProperty property) {
		String place = describe(property.getOrigin());
		return property.getName() + ((place != null) ? " (" + place + ")" : "");
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
