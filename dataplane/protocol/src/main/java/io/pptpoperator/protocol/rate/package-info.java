/** How often something may happen. Knows nothing else. */
package io.pptpoperator.protocol.rate;
