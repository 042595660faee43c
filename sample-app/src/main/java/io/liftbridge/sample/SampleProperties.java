package io.liftbridge.sample;

import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set under {@code sample}.
 *
 * @param limits by metric, the value above which a reading is answered with an alert
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue Map<String, Double> limits) {
}
