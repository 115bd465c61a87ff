package io.pptpoperator.crds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A CEL rule that every item of a list keeps. It stands on the items, so that an error names the index. */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(EachItem.All.class)
@interface EachItem {

    /** The rule; {@code self} is the item. */
    String value();

    /** What is said of an item that breaks it, as a CEL expression. */
    String messageExpression();

    /** Several of them. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface All {
        /** The rules, in their order. */
        EachItem[] value();
    }
}
