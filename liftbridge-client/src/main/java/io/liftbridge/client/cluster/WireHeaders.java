package io.liftbridge.client.cluster;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Headers as they were received, seen as arrays. Not copied, so that they cost nothing
 * where nobody asks for them.
 */
final class WireHeaders extends AbstractMap<String, byte[]> {

	private final Map<String, ByteString> headers;

	WireHeaders(Map<String, ByteString> headers) {
		this.headers = headers;
	}

	@Override
	public byte @Nullable [] get(@Nullable Object name) {
		ByteString value = (name != null) ? this.headers.get(name) : null;
		return (value != null) ? WireBytes.array(value) : null;
	}

	@Override
	public boolean containsKey(@Nullable Object name) {
		return name != null && this.headers.containsKey(name);
	}

	@Override
	public int size() {
		return this.headers.size();
	}

	@Override
	public Set<String> keySet() {
		return this.headers.keySet();
	}

	@Override
	public Set<Map.Entry<String, byte[]>> entrySet() {
		return new Entries();
	}

	private final class Entries extends AbstractSet<Map.Entry<String, byte[]>> {

		@Override
		public int size() {
			return WireHeaders.this.size();
		}

		@Override
		public Iterator<Map.Entry<String, byte[]>> iterator() {
			Iterator<Map.Entry<String, ByteString>> source = WireHeaders.this.headers.entrySet().iterator();
			return new Iterator<>() {

				@Override
				public boolean hasNext() {
					return source.hasNext();
				}

				@Override
				public Map.Entry<String, byte[]> next() {
					Map.Entry<String, ByteString> header = source.next();
					return Map.entry(header.getKey(), WireBytes.array(header.getValue()));
				}

			};
		}

	}

}
