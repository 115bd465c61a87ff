package io.pptpoperator.crds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A list without order or repetition, to which several appliers may add items of their own (server-side apply's
 * {@code set}). Every other list belongs to one applier as a whole: where a list says what somebody may do, a union of
 * two lists would leave in force what one of them has taken back; and some lists have an order.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface UniqueItems {
}
