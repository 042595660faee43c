package io.liftbridge.client.topic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is said about the data of an event, in any format: small, and readable without the
 * data. It travels in the header {@value #HEADER}. Immutable and safe for use by many
 * threads; arrays are not copied and must not be changed.
 */
public final class Metadata {

	/** Header of the message that carries the metadata. */
	public static final String HEADER = "Liftbridge-Metadata";

	private static final Metadata EMPTY = new Metadata(new byte[0], null);

	private final byte[] bytes;

	/** A {@code JsonNode} once it was asked for; that type may be missing. */
	private volatile @Nullable Object json;

	private Metadata(byte[] bytes, @Nullable Object json) {
		this.bytes = bytes;
		this.json = json;
	}

	/**
	 * No metadata.
	 * @return the metadata, without bytes
	 */
	public static Metadata empty() {
		return EMPTY;
	}

	/**
	 * Metadata in a format of one's own.
	 * @param bytes the bytes, not copied
	 * @return the metadata
	 */
	public static Metadata of(byte[] bytes) {
		return (bytes.length == 0) ? EMPTY : new Metadata(bytes, null);
	}

	/**
	 * Metadata as text, which may be JSON and is not looked at.
	 * @param text the text, sent as UTF-8
	 * @return the metadata
	 */
	public static Metadata of(String text) {
		return of(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Metadata as JSON. Needs Jackson 3.
	 * @param value a {@code JsonNode}, a map, or any object that Jackson can write
	 * @return the metadata
	 * @throws InvalidRequestException if Jackson is missing
	 * @throws InvalidEventException if the value cannot be written
	 */
	public static Metadata json(Object value) {
		Jackson.require("Metadata as JSON");
		JsonNode tree = Json.tree(value);
		return new Metadata(Json.MAPPER.writeValueAsBytes(tree), tree);
	}

	/**
	 * The metadata of a message.
	 * @param message the message
	 * @return its metadata, empty if it has none
	 */
	public static Metadata of(ReceivedMessage<?> message) {
		byte[] bytes = message.headers().get(HEADER);
		return (bytes != null) ? of(bytes) : EMPTY;
	}

	/**
	 * The bytes.
	 * @return the bytes, not copied
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * The bytes as text.
	 * @return the bytes as UTF-8
	 */
	public String text() {
		return new String(this.bytes, StandardCharsets.UTF_8);
	}

	/**
	 * The bytes as JSON, parsed when it is asked for and then kept. Needs Jackson 3.
	 * @return the document, not to be changed
	 * @throws InvalidRequestException if Jackson is missing
	 * @throws InvalidEventException if they are no JSON
	 */
	public JsonNode json() {
		Object known = this.json;
		if (known == null) {
			Jackson.require("Metadata as JSON");
			known = Json.tree(this.bytes);
			this.json = known;
		}
		return (JsonNode) known;
	}

	/**
	 * Whether there is none.
	 * @return whether there are no bytes
	 */
	public boolean isEmpty() {
		return this.bytes.length == 0;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Metadata metadata && Arrays.equals(this.bytes, metadata.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	@Override
	public String toString() {
		return "Metadata[" + this.bytes.length + " bytes]";
	}

}
