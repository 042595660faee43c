package io.liftbridge.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Makes the application contexts of {@link LiftbridgeTest}.
 */
class LiftbridgeTestContextBootstrapper extends TestSliceTestContextBootstrapper<LiftbridgeTest> {

}
