/** Hours of the week, as the clocks of a place show them. Knows nothing else. */
package io.pptpoperator.protocol.hours;
