package io.pptpoperator.e2e;

import io.pptpoperator.dataplane.interop.lab.InteropLab;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test class that uses the run's {@link Cluster}, and the lab in which it stands. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@InteropLab
@ExtendWith({NodeRequirements.class, ClusterRemoval.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@interface OnTheCluster {
}
