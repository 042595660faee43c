package io.liftbridge.client.entry;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Where a codec comes from: made when it is first needed, as its library may be missing.
 */
final class CodecSource {

	private final String artifact;

	private final String probe;

	private final Supplier<Codec> factory;

	private volatile @Nullable Codec codec;

	private CodecSource(String artifact, String probe, Supplier<Codec> factory) {
		this.artifact = artifact;
		this.probe = probe;
		this.factory = factory;
	}

	static CodecSource of(Codec codec) {
		CodecSource source = new CodecSource("", "", () -> codec);
		source.codec = codec;
		return source;
	}

	/**
	 * A codec that needs a library.
	 * @param artifact its Maven coordinates
	 * @param probe a class of it
	 */
	static CodecSource library(String artifact, String probe, Supplier<Codec> factory) {
		return new CodecSource(artifact, probe, factory);
	}

	/** Says what is missing, {@code null} for nothing. */
	@Nullable String missing() {
		if (this.codec != null) {
			return null;
		}
		try {
			Class.forName(this.probe, false, CodecSource.class.getClassLoader());
			return null;
		}
		catch (ClassNotFoundException ex) {
			return this.artifact;
		}
	}

	/** Only if nothing is missing. */
	Codec get() {
		Codec present = this.codec;
		if (present == null) {
			present = this.factory.get();
			this.codec = present;
		}
		return present;
	}

}
