package io.liftbridge.client.entry;

/**
 * What becomes of a message whose compression this client does not know, or has no
 * library for.
 */
public enum UnknownEncoding {

	/** It is malformed. */
	FAIL,

	/** It is delivered as it is stored, with all its headers. */
	PASS_THROUGH

}
