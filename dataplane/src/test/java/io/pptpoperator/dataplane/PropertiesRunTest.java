package io.pptpoperator.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestEngine;

/**
 * Properties are run by an engine of their own, made for an earlier JUnit Platform than this one. Were it no longer
 * there, or did it no longer try anything, every build would be green.
 */
final class PropertiesRunTest {

    private static final int TRIES = 200;

    private static final List<Integer> TRIED = new ArrayList<>();

    @Test
    void theEngineOfPropertiesIsThere() {
        assertThat(ServiceLoader.load(TestEngine.class)).extracting(TestEngine::getId).contains("jqwik");
    }

    @Property(tries = TRIES)
    void aPropertyIsTried(@ForAll @IntRange(min = -5, max = 1_000_000) int number) {
        TRIED.add(number);
        assertThat(number).isBetween(-5, 1_000_000);
    }

    @AfterContainer
    static void itWasTriedAsOftenAsItSays() {
        assertThat(TRIED).hasSize(TRIES);
        assertThat(Set.copyOf(TRIED)).as("different values").hasSizeGreaterThan(TRIES / 10);
    }
}
