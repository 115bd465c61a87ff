/**
 * What a setting is: records whose components say by {@link io.pptpoperator.dataplane.config.setting.Setting} how they
 * are spelled, what they may be and what they are when nothing is said. One walk over a record
 * ({@link io.pptpoperator.dataplane.config.setting.Section}) feeds reading, writing, checking, changing while running,
 * and the documentation. Pure; knows no particular setting.
 */
package io.pptpoperator.dataplane.config.setting;
