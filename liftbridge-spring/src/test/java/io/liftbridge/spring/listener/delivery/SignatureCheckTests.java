package io.liftbridge.spring.listener.delivery;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SignatureCheckTests {

	@Test
	void refusesAHeaderWithoutANameThatNobodyKnows() throws Exception {
		MethodParameter parameter = new Nameless();
		SignatureCheck check = new SignatureCheck(null);
		assertThatIllegalStateException().isThrownBy(() -> check.checkRecordMethod(List.of(parameter)))
			.withMessageContaining("parameter 1 (String")
			.withMessageContaining("of on has @Header without a name")
			.withMessageContaining("compile with -parameters");
	}

	static class Listener {

		void on(@Header String region) {
		}

	}

	/** As of a class that was compiled without the names of parameters. */
	static final class Nameless extends MethodParameter {

		Nameless() throws NoSuchMethodException {
			super(Listener.class.getDeclaredMethod("on", String.class), 0);
		}

		@Override
		public String getParameterName() {
			return null;
		}

	}

}
