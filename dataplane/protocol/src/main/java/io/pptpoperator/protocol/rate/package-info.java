/** How often something may happen, how fast a session may be and how much it may have. Knows nothing else. */
package io.pptpoperator.protocol.rate;
