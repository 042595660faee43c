package io.liftbridge.test.conformance;

import org.junit.jupiter.api.Nested;

/**
 * All families of scenarios. A subclass says which broker they run on.
 */
abstract class ConformanceSuite {

	@Nested
	class CreateStream extends CreateStreamScenarios {

	}

	@Nested
	class DeleteStream extends DeleteStreamScenarios {

	}

	@Nested
	class PauseStream extends PauseStreamScenarios {

	}

	@Nested
	class Readonly extends ReadonlyScenarios {

	}

	@Nested
	class Metadata extends MetadataScenarios {

	}

	@Nested
	class Publish extends PublishScenarios {

	}

	@Nested
	class PublishAsync extends PublishAsyncScenarios {

	}

	@Nested
	class PublishToSubject extends PublishToSubjectScenarios {

	}

	@Nested
	class SharedSubject extends SharedSubjectScenarios {

	}

	@Nested
	class ConcurrencyControl extends ConcurrencyControlScenarios {

	}

	@Nested
	class Subscribe extends SubscribeScenarios {

	}

	@Nested
	class SubscribeStop extends SubscribeStopScenarios {

	}

	@Nested
	class Reverse extends ReverseScenarios {

	}

	@Nested
	class Cursor extends CursorScenarios {

	}

	@Nested
	class Limit extends LimitScenarios {

	}

	@Nested
	class Protocol extends ProtocolScenarios {

	}

	@Nested
	class DangerousRequest extends DangerousRequestScenarios {

	}

	@Nested
	class GroupSubscription extends GroupSubscriptionScenarios {

	}

	@Nested
	class GroupMembership extends GroupMembershipScenarios {

	}

	@Nested
	class GroupAssignment extends GroupAssignmentScenarios {

	}

	@Nested
	class Cleaning extends CleaningScenarios {

	}

	@Nested
	class DisabledCursor extends DisabledCursorScenarios {

	}

	@Nested
	class Activity extends ActivityScenarios {

	}

	@Nested
	class Cluster extends ClusterScenarios {

	}

	@Nested
	class Restart extends RestartScenarios {

	}

}
