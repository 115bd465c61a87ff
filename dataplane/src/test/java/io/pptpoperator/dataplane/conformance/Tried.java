package io.pptpoperator.dataplane.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a test tries with a foreign client or server: a row of docs/conformance.md, which the test's run fills in. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Tried.All.class)
@ExtendWith(ConformanceRun.class)
public @interface Tried {

    /** For rows to which it does not matter, or where it does not come so far. */
    String NONE = "–";
    /** An encryption. */
    String MPPE_128 = "MPPE 128, stateless";
    /** An encryption. */
    String MPPE_40 = "MPPE 40, stateless";
    /** No encryption. */
    String CLEAR = "none";

    /** The other side. */
    Foreign with();

    /** How it logs in. */
    String method() default "MS-CHAPv2";

    /** What it encrypts with. */
    String encryption() default MPPE_128;

    /** What is tried, in a few words. */
    String what();

    /** What must come out, and does where the test passes. */
    String result() default "works";

    /** Several rows that one test fills in. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(ConformanceRun.class)
    @interface All {

        /** The rows. */
        Tried[] value();
    }
}
