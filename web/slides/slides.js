// Shows the slides, and makes what is too tall for the stage smaller, down to three quarters; what is taller still scrolls.
{
  const HEIGHT = 700, SMALLEST = 0.75
  const fit = () => {
    const slide = Reveal.getCurrentSlide()
    if (!slide || slide.dataset.fitted) return
    slide.dataset.fitted = 'yes'
    const size = Math.max(SMALLEST, Math.min(1, HEIGHT / slide.scrollHeight))
    slide.style.zoom = size
    if (slide.scrollHeight * size > HEIGHT + 1) slide.classList.add('tall')
    slide.style.setProperty('max-height', slide.classList.contains('tall') ? `${HEIGHT / size}px` : '')
    Reveal.layout()
  }
  Reveal.on('ready', fit)
  Reveal.on('slidechanged', fit)
  Reveal.initialize({
    width: 1280, height: 720, margin: 0.03, center: false, hash: true, slideNumber: 'c/t', transition: 'none',
    backgroundTransition: 'none', navigationMode: 'linear',
  })
}
