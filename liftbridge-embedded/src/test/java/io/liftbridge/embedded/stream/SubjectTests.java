package io.liftbridge.embedded.stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SubjectTests {

	@ParameterizedTest
	@CsvSource({ "a,a,true", "a,b,false", "a.b,a,false", "a,a.b,false", "*,a,true", "*,a.b,false", "a.*,a.b,true",
			"a.*,a,false", "a.*.c,a.b.c,true", ">,a,true", ">,a.b.c,true", "a.>,a.b,true", "a.>,a.b.c,true",
			"a.>,a,false", "a.*,a.*,true", "a.>,a.>,true", "foo*bar,fooxbar,false", "*,*,true", ">,a..b,false" })
	void matches(String pattern, String subject, boolean expected) {
		assertThat(Subject.matches(pattern, subject)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "a,true", "a.b,true", "*,true", ">,true", "a..b,false", ".a,false", "a.,false", "a b,false",
			"'',false" })
	void isValid(String subject, boolean expected) {
		assertThat(Subject.isValid(subject)).isEqualTo(expected);
	}

}
