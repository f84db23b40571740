"""What other parties may see: releases, questions about volumes, presence, who saw what."""
