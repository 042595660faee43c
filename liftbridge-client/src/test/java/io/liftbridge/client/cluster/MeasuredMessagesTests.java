package io.liftbridge.client.cluster;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import com.google.protobuf.ByteString;
import io.grpc.KnownLength;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MeasuredMessagesTests {

	private final Message message = Message.newBuilder()
		.setValue(ByteString.copyFromUtf8("value"))
		.putHeaders("large", ByteString.copyFrom(new byte[10_000]))
		.build();

	private final MeasuredMessages measured = new MeasuredMessages();

	@Test
	void countsAllBytesOfAMessageAndItsHeaders() {
		assertThat(this.measured.parse(new Known(this.message.toByteArray()))).isEqualTo(this.message);
		this.measured.parse(new Known(this.message.toByteArray()));
		assertThat(this.measured.takeBytes()).isEqualTo(2L * this.message.getSerializedSize()).isGreaterThan(20_000);
	}

	@Test
	void countsAMessageWhoseLengthIsNotTold() {
		InputStream compressed = new ByteArrayInputStream(this.message.toByteArray());
		assertThat(this.measured.parse(compressed)).isEqualTo(this.message);
		assertThat(this.measured.takeBytes()).isEqualTo(this.message.getSerializedSize());
	}

	@Test
	void countsWhatCameSinceTheLastLook() {
		this.measured.parse(new Known(this.message.toByteArray()));
		this.measured.takeBytes();
		assertThat(this.measured.takeBytes()).isZero();
	}

	private static final class Known extends ByteArrayInputStream implements KnownLength {

		Known(byte[] bytes) {
			super(bytes);
		}

	}

}
