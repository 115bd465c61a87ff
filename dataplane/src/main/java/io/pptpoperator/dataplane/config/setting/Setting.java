package io.pptpoperator.dataplane.config.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * All there is to say about one setting, on the component of the record that holds it. The component's type says what
 * kind of value it is: a text, a number, a word of an enum, a duration, an address or whatever else has a static
 * {@code parse}; an optional one; a list of them; a record, an optional record or a list of records for what has keys of
 * its own; a sealed interface where exactly one of several keys must stand. Records of settings need no annotation, but
 * may have one.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

    /** What it is, in Markdown, for the table of settings. */
    String value();

    /** Its key, where it is not the component's own name. */
    String key() default "";

    /** What it is when the file says nothing, as the file would say it; lists and optional values are empty then. */
    String or() default "";

    /** What could stand here, of a setting that must be given. */
    String example() default "";

    /** The least it may be: a number, a duration, the length of a text or the number of a list's items. */
    String min() default "";

    /** The most it may be. */
    String max() default "";

    /** The word for zero, where zero has a meaning of its own beside {@link #min} to {@link #max}. */
    String zero() default "";

    /** The word for no value, of an optional setting. */
    String none() default "";

    /** How the constants of an enum are spelled, where {@code NAME_OF_ONE} is not {@code NameOfOne}. */
    String[] words() default {};

    /** What the text of a value, or of each item, has to match as a whole. */
    String pattern() default "";

    /** The {@link #pattern} in words: what would be right. */
    String form() default "";
}
